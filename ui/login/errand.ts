// What somebody came to the login for, as the fragment of its address says it: fragments are sent to no server.

export type Errand =
  | { kind: 'sign_in' }
  /** Takes another password. */
  | { kind: 'password' }
  /** `token`: the right to become the first owner. */
  | { kind: 'set_up'; token: string }
  /** `token`: an invitation. */
  | { kind: 'join'; token: string };

const TOKEN = /^#(setup|join)=([\w-]{43})$/;

export function readErrand(fragment: string): Errand {
  const [, kind, token = ''] = TOKEN.exec(fragment) ?? [];
  if (kind === 'setup') return { kind: 'set_up', token };
  if (/^#password(&|$)/.test(fragment)) return { kind: 'password' };
  return kind === 'join' ? { kind: 'join', token } : { kind: 'sign_in' };
}

/** Reads it, and takes a token out of the address, so that it is left in no history and in nobody's sight. */
export function takeErrand(): Errand {
  const errand = readErrand(location.hash);
  if (/^#(setup|join)=/.test(location.hash)) history.replaceState(null, '', location.pathname + location.search);
  return errand;
}

/**
 * Where at the desk somebody was when he was sent here: `#to=`, or `#password&to=`, and an encoded query and fragment. Relative to
 * this page.
 */
export function wayBack(fragment: string): string {
  const [, said = ''] = /^#(?:password&)?to=(.*)$/.exec(fragment) ?? [];
  try {
    const place = decodeURIComponent(said);
    return /^[?#]/.test(place) ? `desk${place}` : 'desk';
  } catch {
    return 'desk';
  }
}

/** The address of the login from the desk, with where one is; `errand`: what one goes there for, if not to sign in. */
export function wayToLogin(login: string, search: string, fragment: string, errand?: 'password'): string {
  const place = search + fragment;
  const said = [errand ?? '', place && `to=${encodeURIComponent(place)}`].filter((part) => part !== '');
  return said.length === 0 ? login : `${login}#${said.join('&')}`;
}
