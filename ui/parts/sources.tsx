// Where an answer's words come from, as links. An address leads only where a page may lead: to http, https, or a path of
// the server's own; anything else is plain words. Another host than that of the page is named.

import { readSources, type Source } from '../client/ai-frames.ts';
import { aiWords as words } from '../words/ai-words.ts';

/** Null for what we make no link to. `base`: where paths belong. */
export function sourceAddress(url: string | undefined, base: string): { href: string; host: string | null } | null {
  const path = /^\/(?![/\\])/.test(url ?? '');
  if (url === undefined || !(path || /^https?:\/\//i.test(url))) return null;
  try {
    const { protocol, host, href } = new URL(url, base);
    const own = host === new URL(base).host;
    // What a browser drops or reads as a slash may have made another address of a path.
    if (path && !own) return null;
    return /^https?:$/.test(protocol) ? { href, host: own ? null : host } : null;
  } catch {
    return null;
  }
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
  return (
    <>
      <a href={href} target="_blank" rel="noopener noreferrer ugc" title={href}>
        <bdi>{title}</bdi>
      </a>
      {host !== null && (
        <>
          {' '}
          <span class="link-host" dir="ltr">
            ({host})
          </span>
        </>
      )}
    </>
  );
}
