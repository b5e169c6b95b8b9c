import { ProblemDetailsExtension } from './problem-details';

export * from './problem-details';

ProblemDetailsExtension.register();
