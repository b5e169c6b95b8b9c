import type { Surroundings } from '../../generators/core/answers.js';
import type { Known } from '../../generators/core/parameters.js';

/** What a run has to go on, on a machine that knows nothing of its developer. */
export function known(
  answers: Known['answers'] = {},
  more: Partial<Surroundings> = {},
  generator: Known['generator'] = 'app',
): Known {
  return {
    generator,
    answers,
    surroundings: {
      folder: '',
      packageManager: 'npm',
      userName: '',
      userEmail: '',
      remote: '',
      isPart: false,
      canInitGit: true,
      ...more,
    },
    manifest: { dependencies: { '@azure/functions': '^4.1.0' }, devDependencies: {} },
  };
}
