import { ProblemDetailsExtension } from 'azfunc-extension-problem-details';

ProblemDetailsExtension.configure();
