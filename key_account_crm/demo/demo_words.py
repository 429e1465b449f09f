# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Words from which the customers of the demonstration city are made."""

CITY = "滨江市"
# What stands on the company's papers, by field: English and Chinese.
LETTERHEAD = {
    "company_details": {
        "<strong>Binjiang Post</strong>": "<strong>滨江市邮政局</strong>",
        "Key Account Centre": "大客户中心",
        "1 Jianshe Road, Binjiang 318600, China": "318600 滨江市建设路1号",
    },
    "report_footer": {
        "Key account service 0571-8800 1185 · dakehu@binjiangpost.example": (
            "大客户服务热线 0571-8800 1185 · dakehu@binjiangpost.example"
        ),
    },
}
BRANDS = (
    "华信 瑞丰 天成 金桥 新都 东方 长江 远大 宏图 恒通 嘉禾 德润 众诚 博雅 凯旋 "
    "海纳 百川 鼎盛 永安 明达 佳美 盛世 中联 正泰 安泰 福源 龙腾 美景 云帆 星辰"
).split()
# trade: (words in the name, industry of Odoo's list)
TRADES = {
    "银行": ("商业银行", "base.res_partner_industry_K"),
    "保险": ("财产保险", "base.res_partner_industry_K"),
    "科技": ("科技", "base.res_partner_industry_J"),
    "电子": ("电子", "base.res_partner_industry_C"),
    "服装": ("服装", "base.res_partner_industry_C"),
    "食品": ("食品", "base.res_partner_industry_C"),
    "贸易": ("国际贸易", "base.res_partner_industry_G"),
    "商贸": ("商贸", "base.res_partner_industry_G"),
    "物流": ("物流", "base.res_partner_industry_H"),
    "教育": ("教育", "base.res_partner_industry_P"),
    "医药": ("医药", "base.res_partner_industry_Q"),
    "置业": ("置业", "base.res_partner_industry_L"),
}
FORMS = ("有限公司", "股份有限公司", "集团有限公司", "有限责任公司")
PUBLIC = (
    "第一人民医院 中心医院 第三中学 实验小学 师范学院 公安局 税务局 教育局 市图书馆 "
    "市博物馆 法院 检察院 气象局 规划局 卫生局"
).split()
SURNAMES = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN = (
    "伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 秀英 建华 志强 晓东 海燕 "
    "国庆 春梅 文博 雨晴 子轩 佳怡 浩然 思远"
).split()
STREETS = (
    "解放路 人民路 中山路 建设路 新华街 滨河大道 朝阳路 文化路 工业大道 东风路".split()
)
POSTS = ("总经理", "办公室主任", "财务总监", "采购经理", "行政主管", "信息主管")
HOBBIES = ("钓鱼", "书法", "摄影", "登山", "集邮", "乒乓球", "茶艺")
CONTACTS = ("phone", "visit", "sms")
TIMES = ("morning", "afternoon", False, "evening")
DEMANDS = (
    "每月账单寄送，旺季为九月至次年一月，希望有专人上门揽收。",
    "希望按部门分开出账，提供电子账单。",
    "关注时限和回执，退件需当日反馈。",
    "年底有贺卡和挂历需求，提前一个月报价。",
)
