import { describeNothingLost } from './nothing-lost-suite.ts';

describeNothingLost('even');
