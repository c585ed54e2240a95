import type { Locale } from './locale.js'

/** العربية: الشارة والتلميح والتفاصيل. */
export const arParts: Pick<Locale, 'badge' | 'hint' | 'details'> = {
  badge: { online: 'متصل' },
  hint: {
    onDevice: 'محفوظ على هذا الجهاز',
    inTab: 'محفوظ في علامة التبويب هذه فقط',
    saved: 'تم الحفظ',
    notSaved: 'لم يُحفظ: {reason}',
  },
  details: {
    title: 'تفاصيل الاتصال',
    state: 'الحالة',
    since: 'منذ',
    cause: 'السبب',
    next: 'المحاولة التالية',
    changes: 'التغييرات',
    page: 'الصفحة',
    browser: 'المتصفح',
    history: 'ما جرت محاولته',
    nothing: 'لم يحدث شيء منذ فتح هذه الصفحة.',
    copy: 'نسخ كنص',
    copied: 'تم النسخ',
    notCopied: 'تعذّر النسخ. حدّد النص وانسخه بنفسك.',
    close: 'إغلاق',
    causes: {
      device: 'الجهاز غير متصل بأي شبكة',
      server: 'لم يستجب الخادم كما ينبغي',
      timeout: 'لم يستجب الخادم في الوقت المناسب',
      planned: 'أعلن الخادم إعادة تشغيله',
      portal: 'تطلب الشبكة تسجيل الدخول',
    },
    tries: {
      due: 'حان وقتها',
      byHand: 'طُلبت يدويًا',
      woken: 'عاد المستخدم إلى الصفحة',
      network: 'عاد اتصال الجهاز بالشبكة',
      wanted: 'كان هناك ما ينتظر',
    },
    events: {
      suspected: 'جارٍ فحص الاتصال: {reason}',
      lost: 'انقطع الاتصال: {reason}',
      trying: 'المحاولة {attempt}: {reason}',
      failed: 'فشلت المحاولة {attempt}: {reason}',
      online: 'متصل',
      stopped: 'توقفت المحاولات',
      signInNeeded: 'يلزم تسجيل الدخول',
      signedIn: 'تم تسجيل الدخول',
      paused: 'العمل دون اتصال',
      resumed: 'العودة إلى الاتصال',
    },
  },
}
