import type { Relation } from '../contract.ts'

const said: Record<Relation, readonly string[]> = {
  self: ['0', '本人', '本人或户主', '户主', 'sel', 'self', '患者本人'],
  spouse: ['1', '配偶', '夫', '妻', '夫妻', '丈夫', '妻子', '老公', '老婆', '爱人', 'spo', 'spouse', 'dom'],
  son: ['2', '子', '儿子', '独生子', '长子', '次子', '养子', '女婿', 'son'],
  daughter: ['3', '女', '女儿', '独生女', '长女', '次女', '养女', '儿媳', 'dau', 'daughter'],
  child: ['子女', '子/女', '儿女', '孩子', 'chd', 'child', 'depe', 'nch', 'ncd'],
  grandchild: ['4', '孙辈', '孙子', '孙女', '外孙', '外孙女', '孙子、孙女或外孙子、外孙女', 'gch'],
  parent: [
    '5',
    '父母',
    '父亲',
    '母亲',
    '父',
    '母',
    '爸爸',
    '妈妈',
    '继父',
    '继母',
    '公公',
    '婆婆',
    '岳父',
    '岳母',
    'par',
    'fth',
    'mth',
    'parent',
    'father',
    'mother',
  ],
  grandparent: ['6', '祖辈', '祖父', '祖母', '爷爷', '奶奶', '外公', '外婆', '祖父母', '祖父母或外祖父母', 'grp'],
  sibling: ['7', '兄弟姐妹', '兄', '弟', '姐', '妹', '哥哥', '弟弟', '姐姐', '妹妹', '兄、弟、姐、妹', 'sib', 'bro', 'sis', 'sibling'],
  guardian: ['监护人', 'grd', 'guardian'],
  other: ['8', '9', '其他', 'oth', 'other'],
}

const relations = new Map(Object.entries(said).flatMap(([relation, all]) => all.map((text) => [text, relation as Relation]))) // the keys of `said` are the relations

/** What a source calls a relation, in our words; anything else is another relation. */
export const relationOf = (text: string | null | undefined): Relation => {
  const plain = text?.normalize('NFKC').trim().toLowerCase() ?? ''
  return relations.get(plain) ?? relations.get(plain.replace(/^(?:其|患者的?|病人的?)/, '')) ?? 'other'
}
