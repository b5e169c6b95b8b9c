import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A package index that takes whatever is uploaded. */
export interface PackageIndex {
  url: string;
  /** The names of the files that it has got. */
  uploads: string[];
  close(): void;
}

export async function startPackageIndex(): Promise<PackageIndex> {
  const uploads: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('latin1');
      uploads.push(/filename="([^"]+)"/.exec(text)?.[1] ?? '');
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, uploads, close: () => void server.close() };
}
