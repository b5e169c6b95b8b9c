import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { newFolder } from './folders.js';
import { npm } from './processes.js';

/** What a registry knows of a package. */
export interface Packument {
  name: string;
  'dist-tags': Record<string, string>;
  versions: Record<string, { deprecated?: string; [field: string]: unknown }>;
  /** The tarballs of the versions that come with a publication, by name of the file. */
  _attachments?: Record<string, { data: string }>;
}

/** A registry on this machine. It has what was published to it, and leads to npm's own for the rest. */
export interface Registry {
  /** The environment of those who install from it. */
  customer: Record<string, string>;
  /** The environment of who may publish to it. */
  publisher: Record<string, string>;
  packuments: ReadonlyMap<string, Packument>;
  close(): void;
}

export async function startRegistry(): Promise<Registry> {
  const upstream = (await npm(['config', 'get', 'registry'], newFolder())).match(/^http\S+/m)?.[0];
  assert.ok(upstream, 'npm has no registry.');
  const token = randomUUID();
  const packuments = new Map<string, Packument>();
  const tarballs = new Map<string, Buffer>();

  async function put(request: IncomingMessage, name: string): Promise<number> {
    if (request.headers.authorization !== `Bearer ${token}`) {
      return 401;
    }
    const { _attachments, ...packument } = (await json(request)) as Packument;
    const known = packuments.get(name);
    if (!_attachments) {
      // A change of what is known, such as npm deprecate makes it.
      packuments.set(name, packument);
      return 201;
    }
    if (Object.keys(packument.versions).some((version) => known?.versions[version])) {
      return 403;
    }
    for (const [file, { data }] of Object.entries(_attachments)) {
      tarballs.set(`${name}/-/${file}`, Buffer.from(data, 'base64'));
    }
    packuments.set(name, {
      ...packument,
      'dist-tags': { ...known?.['dist-tags'], ...packument['dist-tags'] },
      versions: { ...known?.versions, ...packument.versions },
    });
    return 201;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url = '' } = request;
    const path = decodeURIComponent(url.replace(/\?.*$/, '').slice(1));
    const packument = packuments.get(path);
    const tarball = tarballs.get(path);
    if (method === 'PUT') {
      response.writeHead(await put(request, path)).end('{}');
    } else if (path === '-/whoami') {
      const isKnown = request.headers.authorization === `Bearer ${token}`;
      response
        .writeHead(isKnown ? 200 : 401)
        .end(JSON.stringify(isKnown ? { username: 'publisher' } : {}));
    } else if (method !== 'GET') {
      response.writeHead(404).end('{}');
    } else if (packument) {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(packument));
    } else if (tarball) {
      response.end(tarball);
    } else {
      response.writeHead(307, { location: new URL(url.slice(1), upstream).href }).end();
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) =>
      response.writeHead(500).end(JSON.stringify({ error: String(error) })),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const customer = { npm_config_registry: `http://${host}` };
  const npmrc = join(newFolder('publisher'), 'npmrc');
  writeFileSync(npmrc, `//${host}:_authToken=${token}\n`);
  return {
    customer,
    publisher: { ...customer, npm_config_userconfig: npmrc },
    packuments,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
