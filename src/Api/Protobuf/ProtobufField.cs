namespace OrleansLb.Api.Protobuf;

/// <summary>One field of a protobuf message and the JSON member that it becomes.</summary>
/// <param name="KeepsZero">The Go field is a pointer: zero and false say something.</param>
internal sealed record ProtobufField(string Member, string Type, bool Repeated, bool KeepsZero);
