import { BlankExtension } from 'azfunc-extension-blank';

BlankExtension.configure();
