import { execa } from 'execa';

/**
 * Installs the dependencies of a project, with the output of the package manager on the terminal.
 *
 * @returns Why they are not there, if they are not.
 */
export async function installed(
  packageManager: string,
  folder: string,
): Promise<string | undefined> {
  const { failed, code } = await execa(packageManager, ['install'], {
    cwd: folder,
    reject: false,
    stdio: 'inherit',
  });
  if (!failed) {
    return undefined;
  }
  return code === 'ENOENT' ? `there is no ${packageManager} on the PATH` : 'see above';
}

/** Opens a folder in Visual Studio Code, and returns whether that is there. */
export async function opened(folder: string): Promise<boolean> {
  const { failed } = await execa('code', [folder], { reject: false, stdin: 'ignore' });
  return !failed;
}
