import hostedGitInfo from 'hosted-git-info';

/**
 * Where a repository is hosted, by its address.
 *
 * @param address A URL, or what npm has as short for one; may be anything, also empty.
 * @returns Nothing, if it is none of the known hosts.
 */
export function hostOf(address: string): hostedGitInfo | undefined {
  if (address === '') {
    return undefined;
  }
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
export function gitHubName(url: string): string | undefined {
  const { type, user, project } = hostOf(url) ?? {};
  return type === 'github' ? `${user}/${project}` : undefined;
}
