import { describeNothingLost } from './nothing-lost-suite.ts';

describeNothingLost('odd');
