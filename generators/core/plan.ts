import type { Answers } from './answers.js';
import { type OutputFile, outputPath, render, type TemplateFile } from './render.js';
import { viewOf } from './view.js';
import type { Manifest } from './versions.js';

/** A part of the output that a generator is for. */
export type Room = 'workspace' | 'extension' | 'function-app';

/** What is emitted from, beside the answers. */
export interface Sources {
  /** All files below `templates/`, with paths relative to it. */
  files: readonly TemplateFile[];
  /** `templates/package.json`. */
  manifest: Manifest;
  /** The text of a license by its SPDX id; none for `UNLICENSED`. */
  spdxText(id: string): string | undefined;
  /** For the copyright notice. */
  year: number;
}

/**
 * The files of one room, ready to be written.
 *
 * @param alone Whether this room is all that is emitted. Then it is the destination itself, and
 *   else a folder of the workspace.
 */
export function plan(room: Room, answers: Answers, sources: Sources, alone: boolean): OutputFile[] {
  const filesIn = (folder: string) =>
    sources.files
      .filter(({ path }) => path.startsWith(`${folder}/`))
      .map(({ path, text }) => ({ path: path.slice(folder.length + 1), text }));
  const parts = Object.fromEntries(
    filesIn(`${answers.template}/parts`).map(({ path, text }) => [path, text]),
  );
  const view = viewOf(answers, sources, { alone, parts });
  const target = alone || room === 'workspace' ? '' : `${room}/`;
  return foldersOf(room, answers, alone)
    .flatMap(filesIn)
    .map((file) => ({
      path: target + outputPath(file.path, view.fileName, answers.functionName),
      contents: render(file, view),
    }));
}

/** The folders of `templates/` that a room is made of. */
function foldersOf(room: Room, { scope, template }: Answers, alone: boolean): string[] {
  if (room === 'workspace') {
    return ['workspace'];
  }
  return [
    `${room}/common`,
    `${room}/${scope === 'app' ? 'app-level' : 'function-level'}`,
    `${template}/${room}`,
    ...(alone ? [`${room}/alone`] : []),
  ];
}
