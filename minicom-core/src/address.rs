//! Addresses of the internet and ranges of them: who is banned, whom a proxy's word is believed from, who shares a limit.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

use serde::{Deserialize, Serialize};

/// An address, or all that begin alike: `203.0.113.7`, `203.0.113.0/24`, `2001:db8::/32`. What is beyond the prefix is zero,
/// and an IPv4 address in IPv6's clothes is an IPv4 address.
///
/// ```
/// use minicom_core::AddressRange;
/// let range: AddressRange = "203.0.113.9/24".parse()?;
/// assert_eq!(range.to_string(), "203.0.113.0/24");
/// assert!(range.contains("203.0.113.77".parse()?));
/// assert!(range.contains("::ffff:203.0.113.77".parse()?));
/// assert!(!range.contains("2001:db8::1".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AddressRange {
    address: IpAddr,
    prefix: u8,
}

/// A text that is neither an address nor a range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an address such as 203.0.113.7 or 2001:db8::1, nor a range such as 203.0.113.0/24")]
pub struct InvalidRange(());

/// How many bits an address has.
fn bits(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

impl AddressRange {
    /// All addresses whose first `prefix` bits are those of `address`. `None`: it has not so many.
    pub fn new(address: IpAddr, prefix: u8) -> Option<Self> {
        let canonical = address.to_canonical();
        // `::ffff:203.0.113.0/120` is `203.0.113.0/24`.
        let prefix = prefix.checked_sub(bits(address) - bits(canonical))?;
        (prefix <= bits(canonical)).then(|| Self { address: masked(canonical, prefix), prefix })
    }

    /// One address.
    pub fn one(address: IpAddr) -> Self {
        let address = address.to_canonical();
        Self { address, prefix: bits(address) }
    }

    /// What one household is given: one IPv4 address, or the 2⁶⁴ of IPv6 that begin alike.
    pub fn household(address: IpAddr) -> Self {
        let address = address.to_canonical();
        let prefix = bits(address).min(if address.is_ipv4() { 32 } else { 64 });
        Self { address: masked(address, prefix), prefix }
    }

    /// Whether an address is one of them.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.address.is_ipv4() && masked(address, self.prefix) == self.address
    }
}

/// Keeps the first `prefix` bits.
fn masked(address: IpAddr, prefix: u8) -> IpAddr {
    let beyond = u32::from(bits(address).saturating_sub(prefix));
    match address {
        IpAddr::V4(address) => {
            Ipv4Addr::from_bits(address.to_bits() & u32::MAX.checked_shl(beyond).unwrap_or(0)).into()
        }
        IpAddr::V6(address) => {
            Ipv6Addr::from_bits(address.to_bits() & u128::MAX.checked_shl(beyond).unwrap_or(0)).into()
        }
    }
}

impl fmt::Display for AddressRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.prefix == bits(self.address) {
            self.address.fmt(f)
        } else {
            write!(f, "{}/{}", self.address, self.prefix)
        }
    }
}

impl FromStr for AddressRange {
    type Err = InvalidRange;

    fn from_str(text: &str) -> Result<Self, InvalidRange> {
        let range = match text.split_once('/') {
            None => text.parse().ok().map(Self::one),
            Some((address, prefix)) => {
                // Digits alone: `parse` would take a sign.
                let digits = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit());
                let prefix = if digits { prefix.parse().ok() } else { None };
                address.parse().ok().zip(prefix).and_then(|(address, prefix)| Self::new(address, prefix))
            }
        };
        range.ok_or(InvalidRange(()))
    }
}

impl TryFrom<String> for AddressRange {
    type Error = InvalidRange;

    fn try_from(text: String) -> Result<Self, InvalidRange> {
        text.parse()
    }
}

impl From<AddressRange> for String {
    fn from(range: AddressRange) -> Self {
        range.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn range(text: &str) -> AddressRange {
        text.parse().expect(text)
    }

    #[test]
    fn ranges_are_read_and_written() {
        for (text, written) in [
            ("203.0.113.7", "203.0.113.7"),
            ("203.0.113.7/32", "203.0.113.7"),
            ("203.0.113.7/0", "0.0.0.0/0"),
            ("2001:DB8::7/33", "2001:db8::/33"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("::ffff:203.0.113.7/120", "203.0.113.0/24"),
            ("::/0", "::/0"),
        ] {
            assert_eq!(range(text).to_string(), written);
        }
        for text in [
            "",
            "x",
            "203.0.113",
            "203.0.113.7/33",
            "203.0.113.7/",
            "203.0.113.7/+8",
            "::/129",
            "::ffff:1.2.3.4/8",
        ] {
            assert!(text.parse::<AddressRange>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_household_is_an_address_or_a_network_of_ipv6() {
        let household = |text: &str| AddressRange::household(text.parse().unwrap()).to_string();
        assert_eq!(household("203.0.113.7"), "203.0.113.7");
        assert_eq!(household("::ffff:203.0.113.7"), "203.0.113.7");
        assert_eq!(household("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
    }

    proptest! {
        #[test]
        fn a_range_holds_what_begins_alike(bits: u128, other: u128, prefix in 0..=128u8) {
            let address = IpAddr::from(Ipv6Addr::from_bits(bits | 1 << 127));
            let range = AddressRange::new(address, prefix).unwrap();
            prop_assert!(range.contains(address));
            prop_assert_eq!(range.to_string().parse(), Ok(range));
            let other = other | 1 << 127;
            let alike = (other ^ (bits | 1 << 127)).leading_zeros() >= u32::from(prefix);
            prop_assert_eq!(range.contains(Ipv6Addr::from_bits(other).into()), alike);
        }
    }
}
