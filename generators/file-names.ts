/** Whether Windows takes the name for one of its devices, with any ending. */
export function isDeviceName(name: string): boolean {
  return /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(name);
}

/** Characters that no file name on Windows has. */
const FORBIDDEN = /[<>:"|?*]/;

/**
 * Why Windows has no folder of this name, or makes another one of it.
 *
 * @param path With `/` or `\\` in it, and perhaps with a drive.
 * @returns Nothing, if it has.
 */
export function whyNotOnWindows(path: string): string | undefined {
  const names = path.replace(/^[a-z]:(?=[\\/]|$)/i, '').split(/[\\/]/);
  for (const name of names.filter((one) => !/^\.{0,2}$/.test(one))) {
    const [character] = FORBIDDEN.exec(name) ?? [];
    if (character !== undefined) {
      return `no file name on Windows has ${character}`;
    }
    if (isDeviceName(name.split('.')[0]?.trim() ?? '')) {
      return `${name} is a device on Windows`;
    }
    if (/[. ]$/.test(name)) {
      return 'Windows takes a full stop or a space at the end of a name away';
    }
  }
  return undefined;
}
