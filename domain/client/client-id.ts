/**
 * What a client may be called by: a part of RFC 6749's VSCHAR that means itself in paths, names of
 * streams and ids of tuples.
 *
 * Source: RFC 6749, appendix A.1; RFC 3986, section 2.3.
 */
export const CLIENT_ID = /^[A-Za-z0-9][A-Za-z0-9._~-]{0,99}$/;
