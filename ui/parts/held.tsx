// A line with a countdown while the server asks us to slow down. The text waits in the outbox and leaves by itself.

import { useEffect, useState } from 'preact/hooks';
import { shared as words } from '../words/index.ts';

export function Held({ until }: { until: number | null }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (until === null) return;
    setNow(Date.now());
    const timer = window.setInterval(() => setNow(Date.now()), 1_000);
    return () => window.clearInterval(timer);
  }, [until]);
  if (until === null) return null;
  const seconds = Math.max(1, Math.ceil((until - now) / 1_000));
  return <p class="held">{words.value.heldBack(seconds)}</p>;
}
