import { BlankExtension } from './blank';

export * from './blank';

BlankExtension.register();
