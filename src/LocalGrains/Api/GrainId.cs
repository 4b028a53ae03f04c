namespace Orleans.Runtime;

/// <summary>The name of a grain class.</summary>
public readonly record struct GrainType(string Name)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>The key of a grain among its kind.</summary>
public readonly record struct IdSpan(string Text)
{
    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>The identity of a grain: what it is, and which one.</summary>
public readonly record struct GrainId(GrainType Type, IdSpan Key)
{
    /// <summary>The identity made of a type's name and a key.</summary>
    public static GrainId Create(string type, string key)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        return new(new(type), new(key));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Type}/{Key}";
}
