/** A registration as a client asks for it; `token` lets it. Source: RFC 7591, section 3.1. */
export async function sendRegistration(url: string, metadata: object, token?: string) {
  const response = await fetch(`${url}/oauth2/register`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(metadata),
  });
  const json: Readonly<Record<string, unknown>> = await response.json();
  return { status: response.status, json };
}
