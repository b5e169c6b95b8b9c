import type GitHost from 'hosted-git-info';

/**
 * Where a repository is hosted, by its address.
 *
 * @param address A URL, or what npm has as short for one; may be anything, also empty.
 * @returns Nothing, if it is none of the known hosts.
 */
export async function hostOf(address: string): Promise<GitHost | undefined> {
  if (address === '') {
    return undefined;
  }
  const { default: hostedGitInfo } = await import('hosted-git-info');
  try {
    return hostedGitInfo.fromUrl(address);
  } catch {
    // It stumbles over names that every object has: `constructor/x@y`.
    return undefined;
  }
}

/**
 * The name of a repository on GitHub, as `owner/repo`.
 *
 * @param url URL of the repository; may be empty.
 * @returns Nothing, if it is elsewhere.
 */
export async function gitHubName(url: string): Promise<string | undefined> {
  const { type, user, project } = (await hostOf(url)) ?? {};
  return type === 'github' ? `${user}/${project}` : undefined;
}
