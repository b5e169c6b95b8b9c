import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** Names that Chromium has on systems of today. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** It runs as root, too, and asks nobody for anything. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Why no browser can be run here; undefined, if one can. */
export function whyNoBrowser(): string | undefined {
  return found() === undefined ? 'there is no Chromium' : undefined;
}

/** Opens Chromium with a profile of its own, which goes with it. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = found();
  if (executablePath === undefined) {
    throw new Error(`There is none of ${NAMES.join(', ')} in PATH.`);
  }
  return chromium.launch({ executablePath, args: FLAGS });
}

function found(): string | undefined {
  return NAMES.flatMap((name) =>
    (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name)),
  ).find((file) => existsSync(file));
}
