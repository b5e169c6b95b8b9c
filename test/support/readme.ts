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
