// Where an answer's words come from, as links. An address leads only where a page may lead: to http, https, or a path of
// the server's own; anything else is plain words.

import { readSources, type Source } from '../client/ai-frames.ts';
import { aiWords as words } from '../words/ai-words.ts';
import { disclosed, target } from './links.ts';

/** Null for what we make no link to. `base`: where paths belong. */
export function sourceAddress(url: string | undefined, base: string): { href: string; host: string | null } | null {
  if (url === undefined) return null;
  // Two slashes, of either kind, would lead elsewhere; so would what a browser drops or reads as a slash.
  if (/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(url)) return { href: new URL(url, base).href, host: null };
  const found = /^https?:\/\//i.test(url) ? target(url) : null;
  return found && { href: found.href, host: found.host };
}

/** As they came over the wire. */
export function Sources({ of }: { of: unknown }) {
  const sources = readSources(of);
  if (sources === undefined) return null;
  return (
    <ul class="sources" aria-label={words.value.sources}>
      {sources.map((source) => (
        <li key={`${source.title} ${source.url}`}>
          <SourceLine source={source} />
        </li>
      ))}
    </ul>
  );
}

function SourceLine({ source: { title, url } }: { source: Source }) {
  const address = sourceAddress(url, document.baseURI);
  if (address === null) return <bdi>{title}</bdi>;
  const { href, host } = address;
  const told = host === null ? null : disclosed(title, { href, host, suspicious: host.includes('xn--') });
  return (
    <>
      <a href={href} target="_blank" rel="noopener noreferrer ugc" title={href}>
        <bdi>{title}</bdi>
      </a>
      {told !== null && (
        <span class="link-host" dir="ltr">
          {` (${told})`}
        </span>
      )}
    </>
  );
}
