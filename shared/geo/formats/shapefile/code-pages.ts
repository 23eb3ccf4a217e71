/**
 * Upper halves (128–255) of the code pages of DOS, which `TextDecoder` does not know, as the Unicode Consortium maps them
 * (https://www.unicode.org/Public/MAPPINGS/VENDORS/MICSFT/PC/). U+FFFD stands for what is not assigned.
 */
const DOS_CODE_PAGES: Readonly<Record<number, string>> = {
  437: 'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  737: 'ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρσςτυφχψ░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀ωάέήϊίόύϋώΆΈΉΊΌΎΏ±≥≤ΪΫ÷≈°∙·√ⁿ²■\u00a0',
  850: 'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
  852: 'ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u00ad˝˛ˇ˘§÷¸°¨˙űŘř■\u00a0',
  857: 'ÇüéâäàåçêëèïîıÄÅÉæÆôöòûùİÖÜø£ØŞşáíóúñÑĞğ¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ºªÊËÈ\ufffdÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµ\ufffd×ÚÛÙìÿ¯´\u00ad±\ufffd¾¶§÷¸°¨·¹³²■\u00a0',
  860: 'ÇüéâãàÁçêÊèÍÔìÃÂÉÀÈôõòÚùÌÕÜ¢£Ù₧ÓáíóúñÑªº¿Ò¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  861: 'ÇüéâäàåçêëèÐðÞÄÅÉæÆôöþûÝýÖÜø£Ø₧ƒáíóúÁÍÓÚ¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  863: 'ÇüéâÂà¶çêëèïî‗À§ÉÈÊôËÏûù¤ÔÜ¢£ÙÛƒ¦´óú¨¸³¯Î⌐¬½¼¾«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  865: 'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø₧ƒáíóúñÑªº¿⌐¬½¼¡«¤░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
};

/** Code pages of Windows, Macintosh and others by their number, as encodings of the WHATWG. */
const ENCODINGS: Readonly<Record<number, string>> = {
  ...{ 866: 'ibm866', 874: 'windows-874', 932: 'shift_jis', 936: 'gbk', 949: 'euc-kr', 950: 'big5' },
  ...{ 1250: 'windows-1250', 1251: 'windows-1251', 1252: 'windows-1252', 1253: 'windows-1253' },
  ...{ 1254: 'windows-1254', 1255: 'windows-1255', 1256: 'windows-1256', 1257: 'windows-1257', 1258: 'windows-1258' },
  ...{
    10000: 'macintosh',
    10007: 'x-mac-cyrillic',
    20866: 'koi8-r',
    21866: 'koi8-u',
    54936: 'gb18030',
    65001: 'utf-8',
  },
};

/** An encoding of texts: the bytes from 128 on of one with a byte to a character, or the name of another. */
export type Encoding = { name: string; upperHalf?: string };

export function encodingOfCodePage(number: number): Encoding | undefined {
  const upperHalf = DOS_CODE_PAGES[number];
  if (upperHalf !== undefined) return { name: `cp${number}`, upperHalf };
  const label = ENCODINGS[number];
  return label === undefined ? undefined : { name: label };
}

/** Code pages by the language driver of a .dbf (byte 29 of its header), as dBASE and FoxPro number them. */
const LANGUAGE_DRIVERS: ReadonlyMap<number, number> = new Map(
  (
    [
      [437, [0x01, 0x09, 0x0b, 0x0d, 0x0f, 0x11, 0x15, 0x18, 0x19, 0x1b]],
      [850, [0x02, 0x0a, 0x0e, 0x10, 0x12, 0x14, 0x16, 0x1a, 0x1d, 0x25, 0x37]],
      [1252, [0x03, 0x57, 0x58, 0x59]],
      [10000, [0x04]],
      [865, [0x08, 0x17, 0x66]],
      [932, [0x13, 0x7b]],
      [863, [0x1c, 0x6c]],
      [852, [0x1f, 0x22, 0x23, 0x40, 0x64, 0x87]],
      [860, [0x24]],
      [866, [0x26, 0x65]],
      [936, [0x4d, 0x7a]],
      [949, [0x4e, 0x79]],
      [950, [0x4f, 0x78]],
      [874, [0x50, 0x7c]],
      [861, [0x67]],
      [737, [0x6a, 0x86]],
      [857, [0x6b, 0x88]],
      [1255, [0x7d]],
      [1256, [0x7e]],
      [10007, [0x96]],
      [1250, [0xc8]],
      [1251, [0xc9]],
      [1254, [0xca]],
      [1253, [0xcb]],
      [1257, [0xcc]],
    ] as const
  ).flatMap(([codePage, drivers]) => drivers.map((driver) => [driver, codePage] as const)),
);

export function encodingOfLanguageDriver(driver: number): Encoding | undefined {
  const codePage = LANGUAGE_DRIVERS.get(driver);
  return codePage === undefined ? undefined : encodingOfCodePage(codePage);
}

/** The encoding that a label names: of the WHATWG or a code page, as people write them in .cpg files and options. */
export function encodingOfLabel(label: string): Encoding | undefined {
  const trimmed = label.trim();
  const latin = /^(?:iso)?[-_ ]?8859[-_ ]?(\d{1,2})$/i.exec(trimmed);
  if (latin !== null) return encodingNamed(`iso-8859-${latin[1]}`);
  const codePage = /^(?:cp|ibm|oem|ansi|windows|ms|dos)?[-_ ]?(\d{3,5})$/i.exec(trimmed);
  if (codePage !== null) return encodingOfCodePage(Number(codePage[1]));
  return encodingNamed(/^sjis$/i.test(trimmed) ? 'shift_jis' : trimmed);
}

function encodingNamed(label: string): Encoding | undefined {
  try {
    return { name: new TextDecoder(label).encoding };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
