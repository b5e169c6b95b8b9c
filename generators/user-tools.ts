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
  const installing = execa(packageManager, ['install'], {
    cwd: folder,
    reject: false,
    stdio: 'inherit',
  });
  let isStopped = false;
  // Ctrl+C ends the installation only: there is still to be said how to go on.
  const stop = () => {
    isStopped = true;
    installing.kill('SIGINT');
  };
  process.on('SIGINT', stop);
  const { failed, code } = await installing;
  process.off('SIGINT', stop);
  if (!failed) {
    return undefined;
  }
  if (isStopped) {
    return 'since it was stopped';
  }
  return code === 'ENOENT' ? `there is no ${packageManager} on the PATH` : 'see above';
}

/** Opens a folder in Visual Studio Code, and returns whether that is there. */
export async function opened(folder: string): Promise<boolean> {
  const { failed } = await execa('code', [folder], { reject: false, stdin: 'ignore' });
  return !failed;
}
