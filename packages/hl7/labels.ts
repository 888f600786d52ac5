/** Names of fields and components, for people who read raw messages. `field:type:zh:en`; the type leads to the names of the components. */
const fields: Record<string, readonly string[]> = {
  MSH: [
    '1::字段分隔符:Field separator',
    '2::编码字符:Encoding characters',
    '3:HD:发送系统:Sending application',
    '4:HD:发送机构:Sending facility',
    '5:HD:接收系统:Receiving application',
    '6:HD:接收机构:Receiving facility',
    '7:TS:消息时间:Message time',
    '8::安全信息:Security',
    '9:MSG:消息类型:Message type',
    '10::消息控制号:Control id',
    '11::处理标识:Processing id',
    '12::版本:Version',
    '13::序列号:Sequence number',
    '15::接收应答条件:Accept acknowledgement',
    '16::应用应答条件:Application acknowledgement',
    '17::国家:Country',
    '18::字符集:Character set',
  ],
  EVN: [
    '1::事件代码:Event code',
    '2:TS:记录时间:Recorded',
    '3:TS:计划时间:Planned',
    '4::事件原因:Reason',
    '5:XCN:操作员:Operator',
    '6:TS:发生时间:Occurred',
  ],
  PID: [
    '1::序号:Set id',
    '2:CX:患者外部号:External id',
    '3:CX:患者标识:Patient identifiers',
    '4:CX:备用标识:Alternate id',
    '5:XPN:姓名:Name',
    '6:XPN:母亲姓名:Mother’s maiden name',
    '7:TS:出生日期:Birth',
    '8::性别:Sex',
    '9:XPN:别名:Alias',
    '10:CE:种族:Race',
    '11:XAD:地址:Address',
    '12::区县代码:County',
    '13:XTN:住宅电话:Home phone',
    '14:XTN:单位电话:Business phone',
    '15:CE:语言:Language',
    '16:CE:婚姻:Marital status',
    '17:CE:宗教:Religion',
    '18:CX:账户号:Account number',
    '19::证件号:National number',
    '22:CE:民族:Ethnic group',
    '23::出生地:Birth place',
    '26:CE:国籍:Citizenship',
    '29:TS:死亡时间:Death time',
    '30::死亡标志:Deceased',
  ],
  NK1: [
    '1::序号:Set id',
    '2:XPN:联系人:Name',
    '3:CE:关系:Relation',
    '4:XAD:地址:Address',
    '5:XTN:电话:Phone',
    '6:XTN:单位电话:Business phone',
    '7:CE:联系角色:Role',
  ],
  PV1: [
    '1::序号:Set id',
    '2::就诊类别:Class',
    '3:PL:当前位置:Location',
    '4::入院类型:Admission type',
    '5:CX:预入院号:Pre-admission number',
    '6:PL:原位置:Prior location',
    '7:XCN:主治医师:Attending doctor',
    '8:XCN:转诊医师:Referring doctor',
    '9:XCN:会诊医师:Consulting doctor',
    '10:CE:科室:Hospital service',
    '14::入院来源:Admission source',
    '16::VIP标志:VIP',
    '17:XCN:收治医师:Admitting doctor',
    '18:CE:患者类别:Patient type',
    '19:CX:就诊号:Visit number',
    '20:CE:付费方式:Financial class',
    '36:CE:离院方式:Discharge disposition',
    '37::转往:Discharged to',
    '44:TS:入院时间:Admitted',
    '45:TS:出院时间:Discharged',
    '47::总费用:Total charges',
    '50:CX:备用就诊号:Alternate visit id',
    '52:XCN:其他医护:Other provider',
  ],
  PV2: [
    '3:CE:入院原因:Admit reason',
    '8:TS:预计入院:Expected admission',
    '9:TS:预计出院:Expected discharge',
    '11::住院天数:Length of stay',
    '40::护理级别:Nursing level',
    '42:CE:病情:Condition',
  ],
  DG1: [
    '1::序号:Set id',
    '2::编码体系:Coding method',
    '3:CE:诊断:Diagnosis',
    '4::描述:Description',
    '5:TS:诊断时间:Diagnosed',
    '6::类型:Type',
    '15::优先级:Priority',
    '16:XCN:诊断医师:Clinician',
  ],
  IN1: ['1::序号:Set id', '2:CE:保险计划:Plan', '3:CX:保险公司号:Company id', '4::保险公司:Company', '36::保单号:Policy number'],
  MRG: [
    '1:CX:被合并标识:Prior identifiers',
    '3:CX:原账户号:Prior account',
    '4:CX:原患者号:Prior patient id',
    '5:CX:原就诊号:Prior visit',
    '7:XPN:原姓名:Prior name',
  ],
  AL1: [
    '1::序号:Set id',
    '2:CE:过敏类型:Type',
    '3:CE:过敏原:Allergen',
    '4:CE:程度:Severity',
    '5::反应:Reaction',
    '6:TS:识别时间:Identified',
  ],
  ORC: [
    '1::医嘱控制:Control',
    '2::申请单号:Placer number',
    '3::执行单号:Filler number',
    '5::状态:Status',
    '9:TS:时间:Time',
    '12:XCN:开单医师:Ordering provider',
  ],
  OBR: [
    '1::序号:Set id',
    '2::申请单号:Placer number',
    '3::执行单号:Filler number',
    '4:CE:项目:Service',
    '7:TS:观察时间:Observed',
    '14:TS:收样时间:Received',
    '16:XCN:开单医师:Ordering provider',
    '22:TS:报告时间:Reported',
    '24::部门:Section',
    '25::结果状态:Status',
  ],
  OBX: [
    '1::序号:Set id',
    '2::值类型:Value type',
    '3:CE:项目:Observation',
    '4::子项:Sub-id',
    '5::结果:Value',
    '6:CE:单位:Units',
    '7::参考范围:Range',
    '8::异常标志:Flag',
    '11::状态:Status',
    '14:TS:时间:Time',
  ],
  SCH: [
    '1::预约号:Placer id',
    '2::执行号:Filler id',
    '6:CE:事件原因:Event reason',
    '9::时长:Duration',
    '10:CE:时长单位:Duration units',
    '11::时间:Timing',
    '25:CE:状态:Status',
  ],
  TXA: [
    '1::序号:Set id',
    '2:CE:文书类型:Document type',
    '4:TS:活动时间:Activity time',
    '5:XCN:医师:Provider',
    '12::文书号:Document number',
    '17::完成状态:Completion',
  ],
  FT1: [
    '1::序号:Set id',
    '2::流水号:Transaction id',
    '4:TS:发生日期:Date',
    '6::类型:Type',
    '7:CE:项目:Item',
    '10::数量:Quantity',
    '11::金额:Amount',
    '12::单价:Unit price',
  ],
  ROL: ['1:CX:角色实例:Instance', '2::动作:Action', '3:CE:角色:Role', '4:XCN:人员:Person'],
  NTE: ['1::序号:Set id', '2::来源:Source', '3::备注:Comment'],
  MSA: ['1::应答代码:Acknowledgement code', '2::被应答控制号:Control id', '3::说明:Text'],
}

const components: Record<string, readonly string[]> = {
  CX: ['号码:Id', '校验位:Check digit', '校验方法:Check scheme', '发号机构:Authority', '类型:Type'],
  XPN: [
    '姓名或姓:Family name',
    '名:Given name',
    '中间名:Middle',
    '后缀:Suffix',
    '前缀:Prefix',
    '学位:Degree',
    '类型:Type',
    '表示法:Representation',
  ],
  XTN: [
    '号码:Number',
    '用途:Use',
    '设备:Equipment',
    '邮箱:E-mail',
    '国家码:Country',
    '区号:Area',
    '本地号码:Local number',
    '分机:Extension',
    '',
    '',
    '',
    '原样号码:Unformatted',
  ],
  XCN: ['工号:Id', '姓名或姓:Family name', '名:Given name'],
  PL: ['病区:Ward', '房间:Room', '床位:Bed', '机构:Facility'],
  XAD: ['街道:Street', '其他:Other', '城市:City', '省份:State', '邮编:Zip', '国家:Country', '类型:Type'],
  CE: ['代码:Code', '名称:Text', '编码体系:System'],
  MSG: ['类型:Type', '事件:Event', '结构:Structure'],
  HD: ['名称:Name', '标识:Universal id', '标识类型:Id type'],
}

const segments: Record<string, string> = {
  MSH: '消息头:Message header',
  EVN: '事件:Event',
  PID: '患者:Patient',
  PD1: '患者补充:More about the patient',
  NK1: '联系人:Next of kin',
  PV1: '就诊:Visit',
  PV2: '就诊补充:More about the visit',
  DG1: '诊断:Diagnosis',
  IN1: '保险:Insurance',
  MRG: '合并:Merge',
  AL1: '过敏:Allergy',
  ORC: '医嘱:Order',
  OBR: '检查检验申请:Request',
  OBX: '观察结果:Observation',
  SCH: '预约:Appointment',
  TXA: '文书:Document',
  FT1: '费用:Charge',
  ROL: '人员角色:Role',
  NTE: '备注:Note',
  MSA: '应答:Acknowledgement',
}

export type Label = { readonly zh: string; readonly en: string }
type FieldLabel = Label & { readonly type: string }

const label = (text: string): Label => {
  const at = text.indexOf(':')
  return { zh: text.slice(0, at), en: text.slice(at + 1) }
}

const fieldLabels = new Map<string, FieldLabel>(
  Object.entries(fields).flatMap(([name, list]) =>
    list.map((line) => {
      const [number = '', type = '', zh = '', ...en] = line.split(':')
      return [`${name}-${number}`, { type, zh, en: en.join(':') }] as const
    }),
  ),
)

export const segmentLabel = (name: string): Label | undefined => {
  const found = segments[name]
  if (found) return label(found)
  return name.startsWith('Z') ? { zh: '本院自定义段', en: 'Site segment' } : undefined
}

export const fieldLabel = (segment: string, field: number): Label | undefined => fieldLabels.get(`${segment}-${field}`)

export function componentLabel(segment: string, field: number, component: number): Label | undefined {
  const found = components[fieldLabels.get(`${segment}-${field}`)?.type ?? '']?.[component - 1]
  return found ? label(found) : undefined
}
