// An empty page on a port of its own, which is another origin than anybody else's.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export async function site(): Promise<Server> {
  const http = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html>'));
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  return http;
}

/** `host` is another name of this machine: the same page is then of another origin, and of another site. */
export function originOf(http: Server, host = '127.0.0.1'): string {
  return `http://${host}:${(http.address() as AddressInfo).port}`;
}
