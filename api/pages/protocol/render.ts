import type { ProtocolPage, ProtocolRequest } from "../../../adapters/ports/openid-host.ts";
import type { Kernel } from "../../http/answer-request.ts";
import type { Origins } from "../../http/origins.ts";
import type { Browser } from "../ask.ts";
import { assetsOf } from "../assets.ts";
import type { Brand } from "../brand.ts";
import { documentOf } from "../document.ts";
import { openVisit, type Pages, setUpWatch } from "../open-visit.ts";
import type { Shown } from "../page.ts";
import type { Visit } from "../visit.ts";
import { deviceCode, deviceConfirm, deviceDone } from "./device.ts";
import { protocolError } from "./error.ts";
import { keptOut } from "./kept-out.ts";
import { loggedOut, logout } from "./logout.ts";
import { onward } from "./onward.ts";

/** Renders what people see of the protocol, in their language and as the house looks. */
export type ProtocolPages = (request: ProtocolRequest, page: ProtocolPage) => Promise<Response>;

export function protocolPages(kernel: Kernel, origins: Origins, brand: Brand): ProtocolPages {
  const pages: Pages = {
    kernel,
    origins,
    brand,
    assets: assetsOf(brand),
    isSetUp: setUpWatch(kernel),
  };
  return async (request, page) => {
    const visit = await visitOf(pages, request);
    const content = shownOf(visit, page, request.requestId);
    return documentOf(pages, { visit, content, status: content.status ?? 200 });
  };
}

function shownOf(visit: Visit, page: ProtocolPage, requestId: string): Shown {
  switch (page.kind) {
    case "error":
      return protocolError(visit, page, requestId);
    case "logout":
      return logout(visit, page);
    case "kept-out":
      return keptOut(visit, page);
    case "logged-out":
      return loggedOut(visit);
    case "onward":
      return onward(visit, page);
    case "device-code":
      return deviceCode(visit, page);
    case "device-confirm":
      return deviceConfirm(visit, page);
    case "device-done":
      return deviceDone(visit, page);
    default:
      return page satisfies never;
  }
}

/** Who looks: of the request only its language and its cookies matter to these pages. */
async function visitOf(pages: Pages, request: ProtocolRequest): Promise<Visit> {
  const { settings } = pages.kernel;
  const asked = new URL(request.target, settings.url);
  const path = asked.pathname as `/${string}`;
  const lang = asked.searchParams.get("lang") ?? asked.searchParams.get("ui_locales");
  const url = new URL(path, settings.url);
  // Another language asks for the same again; what was said twice, the engine has refused.
  for (const [name, value] of asked.searchParams) url.searchParams.set(name, value);
  if (lang !== null) url.searchParams.set("lang", lang.split(" ", 1)[0] ?? "");
  const headers = new Headers();
  for (const name of ["cookie", "accept-language", "user-agent"] as const) {
    const value = request.headers[name];
    if (value !== undefined) headers.set(name, value);
  }
  const browser: Browser = {
    request: new Request(url, { headers }),
    requestId: request.requestId,
    peer: request.address === undefined ? {} : { remoteAddress: request.address },
    checkOrigin: () => undefined,
  };
  return (await openVisit(pages, { browser, params: {}, path })).visit;
}
