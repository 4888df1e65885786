//! Whether SNS has signed a message: version 1 with SHA-1, version 2 with SHA-256, both with RSA.
//! <https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message-verify-message-signature.html>

use super::{Message, Type};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use muster_core::clock::Timestamp;
use x509_parser::asn1_rs::BitString;
use x509_parser::oid_registry::{OID_PKCS1_SHA1WITHRSA, OID_PKCS1_SHA256WITHRSA};
use x509_parser::pem::parse_x509_pem;
use x509_parser::time::ASN1Time;
use x509_parser::verify::verify_signature;
use x509_parser::x509::AlgorithmIdentifier;

/// Whether the message is as it was when the owner of the certificate signed it.
pub(super) fn is_whole(message: &Message, certificate: &[u8], now: Timestamp) -> bool {
    let algorithm = match message.signature_version.as_str() {
        "1" => OID_PKCS1_SHA1WITHRSA,
        "2" => OID_PKCS1_SHA256WITHRSA,
        _ => return false,
    };
    let Ok(signature) = STANDARD.decode(&message.signature) else { return false };
    let Ok((_, pem)) = parse_x509_pem(certificate) else { return false };
    let Ok(certificate) = pem.parse_x509() else { return false };
    let is_valid = ASN1Time::from_timestamp(now.timestamp()).is_ok_and(|now| certificate.validity().is_valid_at(now));
    let algorithm = AlgorithmIdentifier::new(algorithm, None);
    let signature = BitString::new(0, &signature);
    is_valid && verify_signature(certificate.public_key(), &algorithm, &signature, signed(message).as_bytes()).is_ok()
}

/// What is signed: names and values, each on a line, in the order of the names.
fn signed(message: &Message) -> String {
    let kind = match message.r#type {
        Type::Notification => "Notification",
        Type::SubscriptionConfirmation => "SubscriptionConfirmation",
        Type::UnsubscribeConfirmation => "UnsubscribeConfirmation",
    };
    let is_notification = message.r#type == Type::Notification;
    let only_if = |wanted: bool, value: &'_ Option<String>| value.clone().filter(|_| wanted);
    let fields = [
        ("Message", Some(message.message.clone())),
        ("MessageId", Some(message.message_id.clone())),
        ("Subject", only_if(is_notification, &message.subject)),
        ("SubscribeURL", only_if(!is_notification, &message.subscribe_url)),
        ("Timestamp", Some(message.timestamp.clone())),
        ("Token", only_if(!is_notification, &message.token)),
        ("TopicArn", Some(message.topic_arn.clone())),
        ("Type", Some(kind.to_owned())),
    ];
    fields.into_iter().filter_map(|(name, value)| Some(format!("{name}\n{}\n", value?))).collect()
}
