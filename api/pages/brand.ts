/** How an installation looks: its name, its mark, one colour. */
export type Brand = {
  readonly name: string;
  /** An https address, a data: address, or a file that we serve. */
  readonly logo?: BrandLogo;
  /** `#rrggbb`, of buttons and links. */
  readonly colour: string;
};

export type BrandLogo =
  | { readonly kind: "address"; readonly url: string }
  | { readonly kind: "file"; readonly bytes: Uint8Array; readonly contentType: string };

export const DEFAULT_BRAND: Brand = { name: "Authledger", colour: "#17624f" };

/** WCAG 2.2, 1.4.3: text against what is behind it. */
const CONTRAST_MIN = 4.5;
/** Of cards, in the stylesheet: links and outlines stand on these. */
const LIGHT = "#ffffff";
const DARK = "#1d2220";
const STEPS = 40;

/** The colours that follow from one: the same hue, moved until it can be read where it stands. */
export type Palette = {
  /** Behind the text of a button. */
  readonly button: string;
  readonly onButton: string;
  /** Links and outlines on a light and on a dark page. */
  readonly link: string;
  readonly linkOnDark: string;
};

export function paletteOf(colour: string): Palette {
  return {
    button: colour,
    // Where white cannot be read, black can: one of the two always reaches 4.58.
    onButton: contrast(colour, LIGHT) >= CONTRAST_MIN ? LIGHT : "#000000",
    link: towards(colour, "#000000", LIGHT),
    linkOnDark: towards(colour, "#ffffff", DARK),
  };
}

/** The colour mixed with `goal` as far as it takes to be read on `ground`. */
function towards(colour: string, goal: string, ground: string): string {
  for (let step = 0; step < STEPS; step++) {
    const mixed = mix(colour, goal, step / STEPS);
    // A little more than needed: the page's own ground is a shade off the card's.
    if (contrast(mixed, ground) >= CONTRAST_MIN + 0.6) return mixed;
  }
  return goal;
}

/** From 1 to 21 (WCAG 2.2, contrast ratio). */
export function contrast(left: string, right: string): number {
  const [lower = 0, higher = 0] = [luminance(left), luminance(right)].toSorted((a, b) => a - b);
  return (higher + 0.05) / (lower + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function mix(colour: string, goal: string, share: number): string {
  const goals = channels(goal);
  const mixed = channels(colour).map((channel, at) =>
    Math.round(channel + ((goals[at] ?? 0) - channel) * share),
  );
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

function channels(colour: string): ReadonlyArray<number> {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
