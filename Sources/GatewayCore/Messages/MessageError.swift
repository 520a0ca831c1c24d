// SPDX-License-Identifier: Apache-2.0

/// Why a message was refused. It changes nothing and is counted.
package enum MessageError: Error, Equatable, Sendable {
    /// More bytes than `Message.byteLimit`; they were not looked at.
    case tooLarge(bytes: Int)
    /// Not the JSON text of an object.
    case notAnObject
    /// A field is not there, or not what it should be.
    case badField(MessageField)
    /// More entries than a message of its kind may have.
    case tooManyEntries(Int)
    /// A command that nobody here knows; `id` is what the answer should carry.
    case unknownVerb(id: String)
}

/// The fields that messages have.
package enum MessageField: String, CaseIterable, Sendable {
    case id
    case stream = "sid"
    case lane
    case lanes
    case group
    case groups
    case upTo = "upto"
    case receiver
    case acknowledgements = "acks"
    case history
    case table
    case status
    case reason
    case state
    case connection
    case transport
    case time = "ts"
    case readings
    case from
    case to
    case priority = "p"
    case by
}
