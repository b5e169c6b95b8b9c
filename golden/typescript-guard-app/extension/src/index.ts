import { GuardExtension } from './guard';

export * from './guard';

GuardExtension.register();
