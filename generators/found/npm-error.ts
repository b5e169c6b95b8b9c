/**
 * Of all that npm prints, the line that says what is wrong.
 *
 * @returns Nothing, if there is none.
 */
export function npmErrorIn(stderr: string): string | undefined {
  const lines = stderr.split('\n');
  // Between them there may be what a build has printed.
  const errors = lines.filter((line) => /^npm (error|ERR!)/.test(line));
  return (errors.length > 0 ? errors : lines)
    .map((line) => line.replace(/^npm (error|ERR!)\s*((\d{3}|notarget|enoent)\s+)?/, '').trim())
    .filter((line) => line !== '' && !/^(code|errno|syscall|path|dest|A complete log) /.test(line))
    .find((line) => !line.startsWith('npm warn'));
}

/** The file in which npm has kept what it did, if it says so. */
export function npmLogIn(stderr: string): string | undefined {
  // Up to npm 8, the path is in a line of its own.
  return /complete log of this run can be found in:\s*(?:npm ERR!\s*)?(\S.*?)\s*$/m.exec(
    stderr,
  )?.[1];
}
