/** What a provider tells of an address, and what is known of it here. */
export type ToldEmail = {
  /** The provider vouches that it is theirs. */
  readonly vouched: boolean;
  /** Whose it is here. */
  readonly owner?: { readonly userId: string; readonly verified: boolean };
};

/** Who looks, as far as the browser can tell. */
export type Visitor =
  | { readonly kind: "nobody" }
  | { readonly kind: "guest"; readonly userId: string }
  | { readonly kind: "user"; readonly userId: string };

/** What they set out for: to come in, to link to whom they are, or to become the architect. */
export type Errand = "sign-in" | "link" | "set-up";

/** Somebody comes back from a provider, who answers for one account there. */
export type Arrival = {
  readonly errand: Errand;
  readonly visitor: Visitor;
  /** Whose the account is here, by provider and subject. */
  readonly owner?: string;
  /** Absent when the provider tells none that could be an address. */
  readonly email?: ToldEmail;
  readonly signUp: "open" | "invited" | "closed";
};

export type Admission =
  /** The account is theirs already. `proves`: the address that they have here is vouched for. */
  | { readonly type: "come-in"; readonly userId: string; readonly proves: boolean }
  /** The account becomes theirs. */
  | { readonly type: "link"; readonly userId: string; readonly proves: boolean }
  /** Somebody new, or the guest who looks; `email`: with the address, as their proved one. */
  | { readonly type: "sign-up"; readonly guest?: string; readonly email: boolean }
  | { readonly type: "refused"; readonly reason: ArrivalRefusal };

export type ArrivalRefusal =
  /** The address is somebody's here, and not surely this person's: sign in first, then link. */
  | "email_taken"
  /** The account is somebody else's here. */
  | "account_taken"
  /** Somebody is signed in, and the account is nobody's: whether to link it is theirs to say. */
  | "already_signed_in"
  /** Whoever set out to link is not signed in any more, or only as a guest. */
  | "sign_in_first"
  | "signup_closed";

/**
 * Decides who somebody is that comes from a provider.
 *
 * Provider and subject identify an account, never an address. An address links by itself when both
 * sides know it to be this person's. One that the provider does not vouch for is not even kept:
 * whoever claims it there would hold it here against its owner. Blocks are decided where there is a
 * clock, of whoever is admitted.
 */
export function decideArrival(arrival: Arrival): Admission {
  const { errand, visitor, owner } = arrival;
  if (errand === "link") return link(arrival);
  if (owner !== undefined)
    return { type: "come-in", userId: owner, proves: proves(arrival, owner) };
  const known = arrival.email?.owner;
  if (known !== undefined) {
    return arrival.email?.vouched === true && known.verified
      ? { type: "link", userId: known.userId, proves: false }
      : refused("email_taken");
  }
  // With the set-up token comes the right to be somebody here, and to be whoever one is.
  if (visitor.kind === "user") {
    return errand === "set-up"
      ? { type: "link", userId: visitor.userId, proves: false }
      : refused("already_signed_in");
  }
  if (errand === "sign-in" && arrival.signUp !== "open") return refused("signup_closed");
  const email = arrival.email?.vouched === true;
  const guest = visitor.kind === "guest" ? { guest: visitor.userId } : {};
  return { type: "sign-up", ...guest, email };
}

function link(arrival: Arrival): Admission {
  const { visitor, owner } = arrival;
  if (visitor.kind !== "user") return refused("sign_in_first");
  const { userId } = visitor;
  if (owner !== undefined && owner !== userId) return refused("account_taken");
  const type = owner === undefined ? "link" : "come-in";
  return { type, userId, proves: proves(arrival, userId) };
}

/** The provider vouches for the very address that they have here and have not proved. */
function proves({ email }: Arrival, userId: string): boolean {
  const known = email?.owner;
  return email?.vouched === true && known?.userId === userId && !known.verified;
}

function refused(reason: ArrivalRefusal): Admission {
  return { type: "refused", reason };
}
