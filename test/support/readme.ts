import assert from 'node:assert/strict';

/** The blocks of commands in a readme. */
export function blocksIn(readme: string): string[][] {
  return [...readme.matchAll(/^```(\w*)\n([^]*?)\n```$/gm)]
    .filter(([, language]) => language === '')
    .map(([, , block = '']) => block.split('\n'));
}

/** The block of commands that has a certain one. */
export function blockWith(command: string, readme: string): string[] {
  const block = blocksIn(readme).find((lines) => lines.includes(command));
  assert.ok(block, `There is no block with ${command} in:\n${readme}`);
  return block;
}

/**
 * The commands in a section of a readme, without those in the sections below it.
 *
 * @param title Title of the section.
 * @throws Error if there is no such section, or if it has no command.
 */
export function commandsIn(readme: string, title: string): string[] {
  const [, section = ''] = readme.split(new RegExp(`^#+ ${title}\n`, 'm'));
  const [text = ''] = section.split(/^#+ /m);
  const commands = [...text.matchAll(/^```\n([^]*?)\n```$/gm)].flatMap(([, block = '']) =>
    block.split('\n'),
  );
  if (commands.length === 0) {
    throw new Error(`There are no commands under "${title}".`);
  }
  return commands;
}
