import hostedGitInfo from 'hosted-git-info';

/**
 * The name of a repository on GitHub, as `owner/repo`.
 *
 * @param url URL of the repository; may be empty.
 * @returns Nothing, if it is elsewhere.
 */
export function gitHubName(url: string): string | undefined {
  const { type, user, project } = hostedGitInfo.fromUrl(url) ?? {};
  return type === 'github' ? `${user}/${project}` : undefined;
}
