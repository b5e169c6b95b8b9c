import { GuardExtension } from 'azfunc-extension-guard';

GuardExtension.configure();
