/** What the tests ask of the parser; the package has no types of its own. */
declare module "mailparser" {
  type Addresses = {
    readonly value: ReadonlyArray<{ readonly name: string; readonly address: string }>;
  };
  export function simpleParser(source: Uint8Array | string): Promise<{
    readonly subject: string;
    readonly from: Addresses;
    readonly to: Addresses;
    readonly date: Date;
    readonly messageId: string;
    readonly text: string;
    readonly html: string;
    readonly headers: ReadonlyMap<string, unknown>;
    readonly headerLines: ReadonlyArray<{ readonly key: string; readonly line: string }>;
    readonly attachments: ReadonlyArray<unknown>;
  }>;
}
