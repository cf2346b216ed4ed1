/** Facts about the door for guests. Stored for ever: never rename or re-mean, only add. */
export type GuestsEvent = {
  readonly type: "GuestLimitsRevised";
  /** Guests that one network makes in an hour. */
  readonly perAddressPerHour: number;
  /** Guests at a time; past it the one unseen for longest makes room. */
  readonly max: number;
};
