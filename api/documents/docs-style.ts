/** The look of `/docs`: the colours of the pages, light and dark, from a phone's width up. */
export const DOCS_STYLE = `
:root{color-scheme:light dark;--ground:#f5f6f4;--card:#fff;--line:#dcdfdb;--ink:#1a1f1d;
--quiet:#5a625e;--good:#17624f;--good-ground:#e6f2ec;--link:#17624f;--bad:#a8261d;
--warn:#7a5200;--blue:#1d4f91;
--mono:ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,"Liberation Mono",monospace;
--sans:-apple-system,BlinkMacSystemFont,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans",Cantarell,
"Liberation Sans",Arial,sans-serif}
@media(prefers-color-scheme:dark){:root{--ground:#131716;--card:#1d2220;--line:#333a37;
--ink:#eceeec;--quiet:#a9b1ad;--good:#7fd3b4;--good-ground:#17302a;--link:#7fd3b4;--bad:#ffa79f;
--warn:#e9bd63;--blue:#9cc4ff}}
*{box-sizing:border-box}
html{font:100%/1.5 var(--sans);background:var(--ground);color:var(--ink);scroll-padding-top:1rem;
-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;overflow-wrap:anywhere}
a{color:var(--link);text-underline-offset:.18em}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:-100vw}.skip:focus{left:.5rem;top:.5rem;background:var(--card);
padding:.5rem 1rem}
header{padding:2rem 1rem 1rem;max-width:76rem;margin:0 auto}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 .5rem;letter-spacing:-.01em}
header p{margin:.25rem 0;color:var(--quiet);max-width:46rem}
.middle{display:grid;gap:1.5rem;padding:0 1rem 4rem;max-width:76rem;margin:0 auto}
nav ul{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.25rem .75rem}
nav a{display:inline-block;padding:.3rem 0;text-decoration:none}
nav a:hover{text-decoration:underline}
h2{font-size:1.25rem;margin:2rem 0 .75rem}section:first-child h2{margin-top:0}
h3{font-size:.8125rem;text-transform:uppercase;letter-spacing:.04em;color:var(--quiet);
margin:1.25rem 0 .4rem}
details{background:var(--card);border:1px solid var(--line);border-radius:10px;margin:0 0 .5rem}
summary{cursor:pointer;padding:.7rem 1rem;display:grid;gap:.1rem .75rem;
grid-template-columns:4.2rem 1fr;align-items:baseline;list-style:none}
summary::-webkit-details-marker{display:none}
summary code{font-weight:600}
summary .what{grid-column:2;color:var(--quiet);font-size:.9375rem}
.method{font:600 .75rem/1.6 var(--mono);text-align:center;border-radius:5px;
border:1px solid currentColor;color:var(--blue)}
.POST,.PUT,.PATCH{color:var(--good)}.DELETE{color:var(--bad)}
.inside{padding:0 1rem 1rem;border-top:1px solid var(--line)}
code,pre{font-family:var(--mono);font-size:.875rem}
pre{background:var(--ground);border:1px solid var(--line);border-radius:8px;padding:.75rem;
margin:.25rem 0;overflow-x:auto;white-space:pre-wrap}
dl{margin:0;display:grid;gap:.15rem}
dl>div{display:grid;grid-template-columns:1fr;padding:.3rem 0;border-bottom:1px solid var(--line)}
dl>div:last-child{border-bottom:0}
dt,dd{margin:0}dd{color:var(--quiet);font-size:.9375rem}
.must{color:var(--warn);font-size:.8125rem}
.who{display:inline-block;background:var(--good-ground);color:var(--good);border-radius:999px;
padding:.05rem .6rem;font-size:.8125rem;margin:.75rem .25rem 0 0}
footer{color:var(--quiet);padding:0 1rem 3rem;max-width:76rem;margin:0 auto}
@media(min-width:60rem){.middle{grid-template-columns:13rem 1fr;gap:2.5rem}
nav{position:sticky;top:1rem;align-self:start}nav ul{display:block}
summary{grid-template-columns:4.2rem minmax(0,24rem) 1fr}summary .what{grid-column:3}
dl>div{grid-template-columns:14rem 1fr;gap:1rem}}
@media print{nav{display:none}}
`;
