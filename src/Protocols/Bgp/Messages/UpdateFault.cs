namespace OrleansLb.Protocols.Bgp;

/// <summary>What was wrong in a received UPDATE, and what follows from it (RFC 7606).</summary>
/// <param name="Attribute">Null when the fault is not in one attribute.</param>
/// <param name="Family">Which family to ignore, when that is the action.</param>
/// <param name="Data">What the NOTIFICATION has to show of it, when the session ends over it: the attribute as it came (RFC 4271 §6.3).</param>
public readonly record struct UpdateFault(UpdateMessageError Error, FaultAction Action, AttributeType? Attribute = null, Family? Family = null,
    ValueList<byte> Data = default)
{
    public override string ToString() => Attribute is { } attribute ? $"{Error} in {attribute}: {Action}" : $"{Error}: {Action}";
}
