import type { ICruiseOptions, IRegularForbiddenRuleType } from 'dependency-cruiser'

declare const config: { forbidden: IRegularForbiddenRuleType[]; options: ICruiseOptions }
export default config
