namespace OrleansLb.Api.Resources;

/// <summary>A resource without its version, such as <c>services</c> or <c>addresspools.orleanslb.io</c>: what objects are stored under.</summary>
public readonly record struct GroupResource(string Group, string Name)
{
    public override string ToString() => Group.Length == 0 ? Name : $"{Name}.{Group}";
}
