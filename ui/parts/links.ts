// Where a link goes, and what of that has to be said: only http, https and mailto, and the true host wherever the text
// might pretend another one.

export interface Target {
  /** In ASCII: a host of look-alike letters shows as `xn--…`. */
  href: string;
  /** Who is really at the other end: a host, or an address. */
  host: string;
  /** Part of the address looks like something else to the eye. */
  suspicious: boolean;
}

const DOTS = /[.\u3002\uff0e\uff61\u2024\ufe52]/gu;
/** Letters, a dot, letters: what a reader takes for a host. */
const LIKE_A_HOST = /[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*\.\p{L}[\p{L}\p{N}-]+/u;
/** Invisible, or turning the text around. */
const INVISIBLE = /[\p{Cf}\p{Cc}\u115f\u1160\u3164\uffa0]/gu;
/** Nobody reads a longer text of a link to its end. */
const LONG_TEXT = 300;

/** Null for what we make no link to. */
export function target(address: string): Target | null {
  let url: URL;
  try {
    url = new URL(address.trim());
  } catch {
    return null;
  }
  if (url.protocol === 'mailto:') {
    // Without the headers that a mail program would take over unseen.
    const mailbox = plain(url.pathname);
    return /^[^\s@]+@[^\s@]+$/.test(mailbox)
      ? { href: `mailto:${url.pathname}`, host: mailbox, suspicious: false }
      : null;
  }
  if ((url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') return null;
  const foreign = url.hostname.split('.').some((label) => label.startsWith('xn--'));
  return { href: url.href, host: url.host, suspicious: foreign || url.username !== '' || url.password !== '' };
}

function plain(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

/** What to write after the text of a link, if anything: the host, where the text could be taken for another. */
export function disclosed(text: string, { host, suspicious }: Target): string | null {
  if (suspicious || text.length > LONG_TEXT) return host;
  const dotted = text.toLowerCase().replace(DOTS, '.');
  const seen = dotted.normalize('NFKC').replace(INVISIBLE, '').trim();
  if (seen !== dotted.trim()) return host;
  if (host.includes('@')) return !LIKE_A_HOST.test(seen) || seen.replace(/^mailto:/, '') === host ? null : host;
  const whole = target(seen);
  if (whole !== null) return whole.host === host ? null : host;
  const named = LIKE_A_HOST.exec(seen)?.[0];
  return named === undefined || named === host || named === host.split(':')[0] ? null : host;
}
