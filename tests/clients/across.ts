import { Browser, type Landed } from "../api/openid/browser.ts";

/** Leads from one to the other before it counts as going round in circles. */
const CROSSINGS_MAX = 6;

/** One browser for two sites that send it to each other. */
export function across(ours: string, theirs: string, cookie?: string) {
  const browsers = new Map([
    [ours, new Browser(ours, cookie)],
    [theirs, new Browser(theirs)],
  ]);
  const follow = async (landed: Landed): Promise<Landed> => {
    let at = landed;
    for (let crossing = 0; crossing < CROSSINGS_MAX && "away" in at; crossing++) {
      const browser = browsers.get(at.away.origin);
      if (browser === undefined) return at;
      at = await browser.open(at.away);
    }
    return at;
  };
  const by = (url: string) => browsers.get(new URL(url).origin) ?? new Browser(ours);
  return {
    /** Opens an address of either, and goes wherever it leads. */
    open: async (url: string) => follow(await by(url).open(url)),
    /** Sends a form of a page, and goes wherever that leads. */
    submit: async (page: Extract<Landed, { page: unknown }>["page"], values: Values) =>
      follow(await by(page.url).submit(page, values)),
  };
}

type Values = Readonly<Record<string, string>>;
