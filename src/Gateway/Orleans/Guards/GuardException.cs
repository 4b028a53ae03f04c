namespace OrleansLb.Gateway;

/// <summary>What a guard needs, a secret or a certificate, cannot be read; the message says what is missing where.</summary>
public sealed class GuardException : Exception
{
    public GuardException()
    {
    }

    public GuardException(string message)
        : base(message)
    {
    }

    public GuardException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
