namespace OrleansLb.Core.Configuration;

/// <summary>How much a problem stops.</summary>
[GenerateSerializer, Alias("orleanslb.Severity")]
public enum Severity : byte
{
    /// <summary>The object is used, but not all that it says is honoured.</summary>
    Warning,

    /// <summary>The object is not used; what it said before, if anything, stays live.</summary>
    Error,
}

/// <summary>One thing that is wrong with one field of one object, and how to mend it.</summary>
/// <param name="Object">The object at fault.</param>
/// <param name="Field">The path of the field, such as <c>spec.addresses[0]</c>; empty when the object as a whole is meant.</param>
/// <param name="Severity">Whether the object can still be used.</param>
/// <param name="Message">What is wrong and how to fix it, as a sentence for an operator.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.Problem")]
public sealed record Problem(
    [property: Id(0)] ObjectReference Object,
    [property: Id(1)] string Field,
    [property: Id(2)] Severity Severity,
    [property: Id(3)] string Message)
{
    public override string ToString() => Field.Length == 0 ? $"{Object}: {Message}" : $"{Object}: {Field}: {Message}";
}
