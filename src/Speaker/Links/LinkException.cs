namespace OrleansLb.Speaker.Links;

/// <summary>An interface cannot be used; the message says why and how to mend it.</summary>
public sealed class LinkException : Exception
{
    public LinkException()
    {
    }

    public LinkException(string message) : base(message)
    {
    }

    public LinkException(string message, Exception cause) : base(message, cause)
    {
    }
}
