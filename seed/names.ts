import type { Random } from './random.ts'

/** The commonest surnames with their shares of the population in per mille, and a few rare and compound ones. */
const SURNAMES = (
  '王71 李70 张66 刘51 陈45 杨30 黄22 赵20 吴20 周19 徐14 孙14 马13 朱12 胡12 郭12 何11 林11 高10 罗9 郑9 梁8 谢7 宋7 唐6 许6 邓6 韩6 冯6 曹6 彭6 曾6 肖6 田5 董5 潘5 袁5 蔡5 蒋5 ' +
  '余4 于4 杜4 叶4 程4 魏4 苏4 吕4 丁4 任4 卢4 姚4 沈4 钟3 姜3 崔3 谭3 陆3 范3 汪3 廖3 石3 金3 韦3 贾3 夏3 付3 方3 邹3 熊3 白3 孟3 秦2 邱2 侯2 江2 尹2 薛2 闫2 段2 雷2 龙2 黎2 史2 陶2 贺2 毛2 郝2 顾2 ' +
  '龚2 邵2 万2 覃2 武2 钱2 戴2 严2 莫2 孔2 向1 常1 欧阳1 上官1 单1 解1 仇1 查1 葛1 柳1'
)
  .split(' ')
  .map((entry) => [entry.replace(/\d+$/, ''), Number(/\d+$/.exec(entry)?.[0] ?? 1)] as const)

const MALE = '伟强磊军勇杰涛斌辉刚健明亮鹏飞龙华平建国志文东海波宁浩宇轩泽晨阳博睿航子俊凯峰林松柏德福祥根生宝贵荣庆安康成良正义仁信忠孝'
const FEMALE =
  '芳娜敏静丽艳娟霞秀英玲桂兰凤洁梅琳素云莲真环雪荣爱妹香月莺媛瑞凡佳嘉琼勤珍贞莉红菊萍青倩婷姣婉娴瑾颖露瑶怡婵雁蓓纨仪荷丹蓉眉君琴蕊薇菁梦岚苑婕馨瑗琰韵融园艺咏卿聪澜纯毓悦昭冰爽琬茗羽希欣'
const RARE = ['㛃', '𠮷', '珅', '玘', '堃', '犇', '淼', '彧', '旸', '璟']
const UYGHUR = ['阿卜杜热合曼·买买提江', '古丽娜尔·艾合买提', '买买提·吐尔逊', '迪丽拜尔·阿布都拉']

export type Sex = 'male' | 'female'

/** A name as it would stand on a patient's wristband. */
export function drawName(random: Random, sex: Sex): string {
  if (random.chance(0.012)) return random.pick(UYGHUR)
  const surname = random.weighted(SURNAMES)
  const letters = Array.from(sex === 'male' ? MALE : FEMALE)
  const draw = () => (random.chance(0.003) ? random.pick(RARE) : random.pick(letters))
  return random.chance(0.8) ? surname + draw() + draw() : surname + draw()
}
