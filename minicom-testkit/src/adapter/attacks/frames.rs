//! Frames that RFC 6455 forbids, on the socket of somebody who was let in. All have a mask of zeros unless they lack it.

use crate::adapter::attack::Frame;

const fn row(what: &'static str, bytes: &'static [u8], closes: u16) -> Frame {
    Frame { what, bytes, closes }
}

pub(crate) const ALL: &[Frame] = &[
    row("no mask", b"\x81\x02hi", 1002),
    row("no mask on a ping", b"\x89\x00", 1002),
    row("the first reserved bit", b"\xc1\x82\0\0\0\0hi", 1002),
    row("the second reserved bit", b"\xa1\x82\0\0\0\0hi", 1002),
    row("the third reserved bit", b"\x91\x82\0\0\0\0hi", 1002),
    row("a reserved bit on a ping", b"\xc9\x80\0\0\0\0", 1002),
    row("opcode 3", b"\x83\x80\0\0\0\0", 1002),
    row("opcode 7", b"\x87\x80\0\0\0\0", 1002),
    row("opcode 11", b"\x8b\x80\0\0\0\0", 1002),
    row("opcode 15", b"\x8f\x80\0\0\0\0", 1002),
    row("a ping in pieces", b"\x09\x80\0\0\0\0", 1002),
    row("a close in pieces", b"\x08\x80\0\0\0\0", 1002),
    row("a ping that is too long", b"\x89\xfe\x00\x7e\0\0\0\0", 1002),
    row("a piece that continues nothing", b"\x80\x82\0\0\0\0hi", 1002),
    row("a text within a text", b"\x01\x81\0\0\0\0h\x81\x81\0\0\0\0i", 1002),
    row("a close with half a code", b"\x88\x81\0\0\0\0\x03", 1002),
    row("a close with a code that is never sent", b"\x88\x82\0\0\0\0\x03\xed", 1002),
    row("a close with code 0", b"\x88\x82\0\0\0\0\0\0", 1002),
    row("a length of 2 to the 63", b"\x81\xff\x80\0\0\0\0\0\0\0\0\0\0\0", 1009),
    row("a length of many gigabytes", b"\x81\xff\0\0\0\x7f\xff\xff\xff\xff\0\0\0\0", 1009),
    row("a binary length of many gigabytes", b"\x82\xff\0\0\0\x7f\xff\xff\xff\xff\0\0\0\0", 1009),
    row("no UTF-8", b"\x81\x82\0\0\0\0\xc3\x28", 1007),
    row("half a surrogate", b"\x81\x83\0\0\0\0\xed\xa0\x80", 1007),
    row("binary", b"\x82\x82\0\0\0\0hi", 1003),
];
