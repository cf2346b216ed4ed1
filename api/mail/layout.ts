import { type Brand, paletteOf } from "../pages/brand.ts";
import { type Html, html, markupOf } from "../pages/html.ts";

/** A mail's parts, filled and not yet escaped. */
export type Parts = {
  readonly language: string;
  readonly subject: string;
  readonly title: string;
  readonly hello: string;
  readonly text: ReadonlyArray<string>;
  readonly button: string;
  readonly link: string;
  /** Absent where the link does not open anything. */
  readonly expiry?: string;
  readonly copy: string;
  readonly unasked: string;
  readonly footer: string;
  readonly url: string;
};

const FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";

/** The mail as markup: one column, one button, readable light and dark, without a foreign asset. */
export function layoutHtml(parts: Parts, brand: Brand): string {
  const { language, subject, title, hello, text, button, link, expiry, copy } = parts;
  const { button: ground, onButton, link: colour, linkOnDark } = paletteOf(brand.colour);
  const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${subject}</title>
<style>
body { margin: 0; padding: 0; background: #f3f5f4; }
a { color: ${colour}; }
.page { background: #f3f5f4; }
.card { background: #ffffff; border: 1px solid #dfe5e2; border-radius: 12px; }
.ink { color: #17201d; }
.soft { color: #55625d; }
@media (max-width: 600px) {
  .outer { padding: 16px 10px !important; }
  .card > tbody > tr > td { padding: 26px 22px !important; }
  .button { width: 100% !important; }
  .button a { display: block !important; }
}
@media (prefers-color-scheme: dark) {
  body, .page { background: #111413 !important; }
  .card { background: #1d2220 !important; border-color: #333b38 !important; }
  .ink { color: #eef2f0 !important; }
  .soft { color: #a9b5b0 !important; }
  .rule { border-color: #333b38 !important; }
  a.plain { color: ${linkOnDark} !important; }
}
</style>
</head>
<body>
<div style="display:none;max-height:0;overflow:hidden">${text[0]}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0">
<tr><td class="outer" align="center" style="padding:36px 16px;font-family:${FONT}">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"
 style="max-width:560px">
<tr><td class="ink" align="left" style="padding:0 6px 16px;font-size:17px;font-weight:700;
color:#17201d;font-family:${FONT}">${mark(brand)}</td></tr>
</table>
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0"
 style="max-width:560px">
<tr><td align="left" style="padding:34px 36px;font-family:${FONT}">
<h1 class="ink" style="margin:0 0 18px;font-size:22px;line-height:1.3;font-weight:700;
color:#17201d">${title}</h1>
${paragraph(hello)}
${text.map(paragraph)}
<table role="presentation" class="button" cellpadding="0" cellspacing="0" border="0"
 style="margin:24px 0">
<tr><td align="center" bgcolor="${ground}" style="border-radius:8px;background:${ground}">
<a href="${link}" style="display:inline-block;padding:13px 26px;font-size:16px;font-weight:600;
line-height:1.25;text-decoration:none;border-radius:8px;color:${onButton}">${button}</a>
</td></tr>
</table>
${expiry !== undefined && note(expiry)}
${note(copy)}
<p style="margin:0 0 22px;font-size:13px;line-height:1.5;word-break:break-all">
<a class="plain" href="${link}" style="color:${colour}">${link}</a></p>
<div class="rule" style="border-top:1px solid #dfe5e2;padding-top:16px"></div>
<p class="soft" style="margin:0;font-size:14px;line-height:1.5;color:#55625d">${parts.unasked}</p>
</td></tr>
</table>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"
 style="max-width:560px">
<tr><td class="soft" align="left" style="padding:16px 6px 0;font-size:12px;line-height:1.5;
color:#55625d;font-family:${FONT}">${parts.footer}<br>
<a class="plain" href="${parts.url}" style="color:${colour}">${parts.url}</a></td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
  return markupOf(page);
}

/** The logo where mail programs can fetch it, else the name. */
function mark({ name, logo }: Brand): Html {
  if (logo?.kind !== "address" || !logo.url.startsWith("https:")) return html`${name}`;
  return html`<img src="${logo.url}" alt="${name}" height="36"
style="display:block;border:0;max-height:36px">`;
}

function paragraph(text: string): Html {
  return html`<p class="ink" style="margin:0 0 14px;font-size:16px;line-height:1.55;
color:#17201d">${text}</p>`;
}

function note(text: string): Html {
  return html`<p class="soft" style="margin:0 0 8px;font-size:14px;line-height:1.5;
color:#55625d">${text}</p>`;
}

/** The same mail without markup. */
export function layoutText(parts: Parts): string {
  const { title, hello, text, button, link, expiry, unasked, footer, url } = parts;
  const lead = [title, hello, ...text, `${button}:\n${link}`];
  const blocks = [...lead, ...(expiry === undefined ? [] : [expiry]), unasked];
  return `${blocks.join("\n\n")}\n\n-- \n${footer}\n${url}\n`;
}
