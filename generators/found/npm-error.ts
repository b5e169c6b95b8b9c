/**
 * Of all that npm prints, the line that says what is wrong.
 *
 * @returns Nothing, if there is none.
 */
export function npmErrorIn(stderr: string): string | undefined {
  const lines = stderr.split('\n');
  // Between them there may be what a build has printed.
  const errors = lines.filter((line) => line.startsWith('npm error'));
  return (errors.length > 0 ? errors : lines)
    .map((line) => line.replace(/^npm error\s*((\d{3}|notarget|enoent)\s+)?/, '').trim())
    .filter((line) => line !== '' && !/^(code|errno|syscall|A complete log) /.test(line))
    .find((line) => !line.startsWith('npm warn'));
}
